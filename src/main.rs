//! The program: hands the command line to [`keywire::cli`] and ends with its exit code.

/// Source trees and keyspaces are millions of small things, of several threads: the system's allocator takes a third of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    keywire::cli::main()
}
