//! `--format`: which reports are asked for, and where each goes. One on standard output at most; any number in files.

mod file;
mod root;
mod summary;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::output;
use crate::report::{FORMATS, Format, Frame, Report};
use crate::source::closest;

const ID: &str = "format";

/// The reports that are asked for; none is text on standard output.
#[derive(Debug, Clone, Default)]
pub(super) struct Formats {
    asked: Vec<Asked>,
}

/// A format, and the file it goes to; without one, to standard output.
#[derive(Debug, Clone)]
struct Asked {
    format: &'static Format,
    file: Option<PathBuf>,
}

impl Formats {
    /// The name of the format on standard output: text, if all that are asked for go to files.
    pub(super) fn on_stdout(&self) -> &'static str {
        self.asked.iter().find(|asked| asked.file.is_none()).map_or(FORMATS[0].name, |asked| asked.format.name)
    }

    /// Is standard output for people?
    pub(super) fn is_text_on_stdout(&self) -> bool {
        self.on_stdout() == FORMATS[0].name
    }

    /// Does nothing go to a file?
    pub(super) fn is_only_text(&self) -> bool {
        self.is_text_on_stdout() && self.asked.iter().all(|asked| asked.file.is_none())
    }

    /// Refuses files that can never be written, before any work is done for them.
    pub(super) fn check(&self) -> Result<()> {
        self.asked.iter().filter_map(|asked| asked.file.as_deref()).try_for_each(file::check)
    }

    /// Where reports count paths from.
    pub(super) fn root(here: &Path) -> PathBuf {
        root::of(here)
    }

    /// Writes a report everywhere. What `preface` says of a format by name comes before the report in it.
    ///
    /// A file that cannot be written keeps no other from being written.
    pub(super) fn write(&self, report: &Report<'_>, frame: &Frame<'_>, preface: impl Fn(&str) -> String) -> Result<()> {
        let text =
            |format: &Format, styled| preface(format.name) + &(format.render)(report, &Frame { styled, ..*frame });
        let on_stdout = self.on_stdout();
        let shown = FORMATS.iter().find(|format| format.name == on_stdout).unwrap_or(&FORMATS[0]);
        // The stream drops the styles again when it is no terminal, or NO_COLOR is set.
        let mut result = output::write(&text(shown, true));
        for asked in &self.asked {
            if let Some(path) = &asked.file {
                result = result.and(file::write(path, &text(asked.format, false)));
            }
        }
        if self.asked.iter().any(|asked| asked.format.name == "github") {
            let markdown = FORMATS.iter().find(|format| format.name == "markdown");
            result = result.and(markdown.map_or(Ok(()), |markdown| summary::append(&text(markdown, false))));
        }
        result
    }

    /// Writes what a command has to say in a format besides reports, wherever that format is asked for. Is it for standard
    /// output?
    pub(super) fn write_own(&self, format: &str, text: impl Fn() -> String) -> Result<bool> {
        let mut is_shown = false;
        for asked in self.asked.iter().filter(|asked| asked.format.name == format) {
            match &asked.file {
                Some(path) => file::write(path, &text())?,
                None => {
                    output::write(&text())?;
                    is_shown = true;
                }
            }
        }
        Ok(is_shown)
    }

    /// Refuses what contradicts itself.
    fn new(asked: Vec<Asked>) -> Result<Self, String> {
        if let [one, other, ..] = &asked.iter().filter(|asked| asked.file.is_none()).collect::<Vec<_>>()[..] {
            return Err(format!(
                "only one format can go to standard output, and both {0} and {1} would; write {1}=FILE",
                one.format.name, other.format.name
            ));
        }
        let files: Vec<(&Asked, PathBuf)> =
            asked.iter().filter_map(|asked| Some((asked, file::identity(asked.file.as_deref()?)))).collect();
        for (at, (asked, file)) in files.iter().enumerate() {
            if let Some((other, _)) = files[..at].iter().find(|(_, other)| other == file) {
                let (one, two) = (other.format.name, asked.format.name);
                let path = asked.file.as_deref().unwrap_or(Path::new("")).display();
                return Err(format!("{one} and {two} would both be written to {path}; give each a file of its own"));
            }
        }
        Ok(Self { asked })
    }
}

impl Args for Formats {
    fn augment_args(command: Command) -> Command {
        let option = Arg::new(ID)
            .long(ID)
            .value_name("FORMAT[=FILE]")
            .action(ArgAction::Append)
            .value_parser(AskedParser)
            .help("How to write the report [default: text]")
            .long_help(
                "How to write the report, and into which file; may be given several times [default: text]\n\n\
                 Without a file, or with `-`, it goes to standard output, which takes one format: text, if all others go to files.",
            );
        command.arg(option)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Formats {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let asked = matches.get_many::<Asked>(ID).unwrap_or_default().cloned().collect();
        Self::new(asked)
            .map_err(|message| clap::Error::raw(ErrorKind::ArgumentConflict, format!("--format: {message}")))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Reads `FORMAT` and `FORMAT=FILE`.
#[derive(Debug, Clone)]
struct AskedParser;

impl TypedValueParser for AskedParser {
    type Value = Asked;

    fn parse_ref(&self, command: &Command, _arg: Option<&Arg>, value: &OsStr) -> Result<Asked, clap::Error> {
        let text = value.to_str().ok_or_else(|| clap::Error::new(ErrorKind::InvalidUtf8).with_cmd(command))?;
        asked(text).map_err(|why| {
            clap::Error::raw(ErrorKind::ValueValidation, format!("--format {text}: {why}\n")).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about))))
    }
}

fn asked(text: &str) -> Result<Asked, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, "-" | "/dev/stdout")) => (name, None),
        Some((name, "")) => return Err(format!("write {name}=FILE, or {name} alone for standard output")),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let names = || FORMATS.iter().map(|format| format.name);
    let Some(format) = FORMATS.iter().find(|format| format.name == name) else {
        let near = closest(name, names()).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let names = names().collect::<Vec<_>>().join(", ");
        return Err(format!("there is no format `{name}`; there are {names}{near}"));
    };
    Ok(Asked { format, file })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(words: &[&str]) -> Result<Formats, String> {
        Formats::new(words.iter().map(|word| asked(word)).collect::<Result<_, _>>()?)
    }

    #[test]
    fn one_format_goes_to_standard_output() {
        for (words, shown) in [
            (&[][..], "text"),
            (&["json"], "json"),
            (&["json=-"], "json"),
            (&["json=out.json"], "text"),
            (&["sarif=a.sarif", "github", "json=b=c.json"], "github"),
        ] {
            assert_eq!(formats(words).unwrap().on_stdout(), shown, "{words:?}");
        }
        assert_eq!(formats(&["json=b=c.json"]).unwrap().asked[0].file, Some(PathBuf::from("b=c.json")));
        assert!(formats(&[]).unwrap().is_only_text());
        assert!(!formats(&["json=a"]).unwrap().is_only_text());
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for (words, why) in [
            (&["json", "text"][..], "both json and text would; write text=FILE"),
            (&["json=a/../x", "text=./x"], "json and text would both be written to ./x"),
            (&["json="], "write json=FILE"),
            (&["jsn=x"], "there is no format `jsn`; there are text, json, "),
            (&["jsn=x"], "did you mean `json`?"),
        ] {
            let error = formats(words).unwrap_err();
            assert!(error.contains(why), "{words:?}: {error}");
        }
    }
}
