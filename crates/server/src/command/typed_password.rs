//! A password, from whoever sits at the terminal or from a pipe. Never from the command line, which others can read.

use std::io::{self, BufRead, IsTerminal, Write};

use rookery_domain::SecretString;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Reads one line from standard input; asks for it, unseen, when that is a terminal and asking was not ruled out.
///
/// # Errors
/// When there is nothing to read.
pub(super) fn read(may_ask: bool) -> io::Result<SecretString> {
    let input = io::stdin();
    let unseen = if may_ask && input.is_terminal() {
        write!(io::stderr(), "Password: ")?;
        io::stderr().flush()?;
        Some(Unseen::begin()?)
    } else {
        None
    };
    let mut line = String::new();
    let read = input.lock().read_line(&mut line);
    if unseen.is_some() {
        drop(unseen);
        writeln!(io::stderr())?;
    }
    if read? == 0 {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "no password on standard input",
        ));
    }
    // Only the end of the line: a password may begin and end with blanks.
    let password = line.strip_suffix('\n').unwrap_or(&line);
    Ok(SecretString::from(password.strip_suffix('\r').unwrap_or(password)))
}

/// While this lives the terminal does not show what is typed.
struct Unseen(Termios);

impl Unseen {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}
