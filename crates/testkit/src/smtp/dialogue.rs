//! The server's side of one connection (RFC 5321), as strict as servers are.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::wire::Wire;
use super::{ReceivedMail, Shared, SmtpBehaviour, SmtpStage};

pub(super) struct Dialogue<'a> {
    shared: &'a Shared,
    wire: BufReader<Wire>,
    greeted: bool,
    signed_in: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

/// What came of a command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It was done.
    Done,
    /// It was refused; the dialogue goes on.
    Refused,
    /// The dialogue is over.
    Over,
}

/// What the script has for a stage.
#[derive(Clone, Copy)]
enum Script {
    Nothing,
    Answer(u16),
    Hang,
    Drop,
}

use Outcome::{Done, Over, Refused};

impl<'a> Dialogue<'a> {
    pub(super) fn new(shared: &'a Shared, wire: Wire) -> Self {
        Self {
            shared,
            wire: BufReader::new(wire),
            greeted: false,
            signed_in: None,
            from: None,
            to: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> io::Result<()> {
        if self.stage(SmtpStage::Greeting, "", 220, "scripted ESMTP")? != Done {
            return Ok(());
        }
        while let Some(line) = self.line()? {
            let upper = line.to_ascii_uppercase();
            let outcome = match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => self.hello(&line)?,
                "STARTTLS" if self.shared.offer.starttls => {
                    let outcome = self.stage(SmtpStage::StartTls, &line, 220, "go ahead")?;
                    if outcome == Done {
                        self = self.secured();
                    }
                    outcome
                }
                "AUTH" if self.greeted => self.auth(&line)?,
                "MAIL" if self.greeted && self.from.is_none() => self.sender(&line)?,
                "RCPT" if self.from.is_some() => self.recipient(&line)?,
                "DATA" if !self.to.is_empty() => self.data()?,
                "RSET" => {
                    self.reset();
                    self.say(250, "forgotten")?
                }
                "NOOP" => self.say(250, "here")?,
                "QUIT" => {
                    self.say(221, "bye")?;
                    Over
                }
                _ => self.say(503, "not now")?,
            };
            if outcome == Over {
                break;
            }
        }
        Ok(())
    }

    fn hello(&mut self, line: &str) -> io::Result<Outcome> {
        let offer = &self.shared.offer;
        let mut features = vec!["scripted"];
        if offer.starttls && !self.wire.get_ref().is_secure() {
            features.push("STARTTLS");
        }
        if offer.sign_in.is_some() {
            features.push("AUTH PLAIN LOGIN");
        }
        features.push("8BITMIME");
        self.reset();
        self.greeted = true;
        self.stage(SmtpStage::Hello, line, 250, &features.join("\n"))
    }

    /// Forgets all that was said in the clear (RFC 3207, section 4.2).
    fn secured(self) -> Self {
        Self::new(self.shared, self.wire.into_inner().secured())
    }

    fn auth(&mut self, line: &str) -> io::Result<Outcome> {
        let mut words = line.split(' ').skip(1);
        let answer = match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "PLAIN" => {
                let initial = match words.next() {
                    Some(initial) => initial.to_owned(),
                    None => self.ask("")?,
                };
                let decoded = decoded(&initial);
                let mut parts = decoded.splitn(3, '\0').skip(1).map(str::to_owned);
                parts.next().zip(parts.next())
            }
            "LOGIN" => {
                let user = self.ask("Username:")?;
                let password = self.ask("Password:")?;
                Some((decoded(&user), decoded(&password)))
            }
            _ => None,
        };
        if answer.is_some() && answer == self.shared.offer.sign_in {
            self.signed_in = answer.map(|(user, _)| user);
            self.stage(SmtpStage::Auth, line, 235, "2.7.0 welcome")
        } else {
            self.say(535, "5.7.8 no")
        }
    }

    fn sender(&mut self, line: &str) -> io::Result<Outcome> {
        if self.shared.offer.sign_in.is_some() && self.signed_in.is_none() {
            return self.say(530, "5.7.0 sign in first");
        }
        let Some(from) = between_brackets(line) else {
            return self.say(501, "5.5.4 who?");
        };
        let outcome = self.stage(SmtpStage::Sender, line, 250, "2.1.0 ok")?;
        if outcome == Done {
            self.from = Some(from);
        }
        Ok(outcome)
    }

    fn recipient(&mut self, line: &str) -> io::Result<Outcome> {
        let Some(to) = between_brackets(line) else {
            return self.say(501, "5.5.4 who?");
        };
        if let SmtpBehaviour::Refuse { recipient, code } = self.behaviour()
            && recipient == to
        {
            return self.refuse(code, line);
        }
        let outcome = self.stage(SmtpStage::Recipient, line, 250, "2.1.5 ok")?;
        if outcome == Done {
            self.to.push(to);
        }
        Ok(outcome)
    }

    fn data(&mut self) -> io::Result<Outcome> {
        let outcome = self.stage(SmtpStage::Data, "DATA", 354, "go ahead")?;
        if outcome != Done {
            return Ok(outcome);
        }
        let mut raw = Vec::new();
        loop {
            let Some(line) = self.line()? else { return Ok(Over) };
            if line == "." {
                break;
            }
            raw.extend_from_slice(line.strip_prefix('.').unwrap_or(&line).as_bytes());
            raw.extend_from_slice(b"\r\n");
        }
        let script = self.script(SmtpStage::Content);
        let answer = match script {
            Script::Nothing => Some(250),
            Script::Answer(code) => Some(code),
            Script::Hang | Script::Drop => None,
        };
        let quoted = String::from_utf8_lossy(&raw).replace("\r\n", " ");
        self.shared.record(ReceivedMail {
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            raw,
            encrypted: self.wire.get_ref().is_secure(),
            signed_in: self.signed_in.clone(),
            answer,
        });
        self.play(script, &quoted, 250, "2.0.0 taken")
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn behaviour(&self) -> SmtpBehaviour {
        self.shared.state().behaviour.clone()
    }

    fn script(&self, stage: SmtpStage) -> Script {
        match self.behaviour() {
            SmtpBehaviour::Answer { at, code } if at == stage => Script::Answer(code),
            SmtpBehaviour::Hang { at } if at == stage => Script::Hang,
            SmtpBehaviour::Drop { at } if at == stage => Script::Drop,
            _ => Script::Nothing,
        }
    }

    /// Answers as usual, or as the script has it for this stage.
    fn stage(&mut self, stage: SmtpStage, said: &str, code: u16, text: &str) -> io::Result<Outcome> {
        self.play(self.script(stage), said, code, text)
    }

    fn play(&mut self, script: Script, said: &str, code: u16, text: &str) -> io::Result<Outcome> {
        match script {
            Script::Nothing => self.say(code, text),
            Script::Answer(code) => self.refuse(code, said),
            Script::Drop => Ok(Over),
            Script::Hang => {
                io::copy(&mut self.wire, &mut io::sink())?;
                Ok(Over)
            }
        }
    }

    /// Refuses, with an enhanced code of the same class and the client's own words, as servers do; then goes on listening,
    /// unless the code says that it does not (421) or it never greeted.
    fn refuse(&mut self, code: u16, said: &str) -> io::Result<Outcome> {
        let quoted: String = said.chars().filter(char::is_ascii).take(800).collect();
        self.say(code, &format!("{}.1.1 refused: {quoted}", code / 100))?;
        Ok(if code == 421 || !self.greeted { Over } else { Refused })
    }

    fn say(&mut self, code: u16, text: &str) -> io::Result<Outcome> {
        let mut lines = text.split('\n').peekable();
        let mut answer = String::new();
        while let Some(line) = lines.next() {
            let more = if lines.peek().is_some() { '-' } else { ' ' };
            let _ = write!(answer, "{code}{more}{line}\r\n");
        }
        let wire = self.wire.get_mut();
        wire.write_all(answer.as_bytes())?;
        wire.flush()?;
        Ok(Done)
    }

    fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(334, &STANDARD.encode(question))?;
        Ok(self.line()?.unwrap_or_default())
    }

    /// The next line without its CRLF; nothing at the end. A line that ends in a bare LF is an error: it is how letters are
    /// smuggled.
    fn line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        if self.wire.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let line = bytes
            .strip_suffix(b"\r\n")
            .ok_or_else(|| io::Error::other("a line without CRLF"))?;
        Ok(Some(String::from_utf8_lossy(line).into_owned()))
    }
}

fn between_brackets(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(":<")?;
    rest.split_once('>').map(|(address, _)| address.to_owned())
}

fn decoded(text: &str) -> String {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}
