//! The program: hands the command line to [`keywire::cli`] and ends with its exit code.

fn main() -> std::process::ExitCode {
    keywire::cli::main()
}
