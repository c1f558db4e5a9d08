//! A way to look names up that answers what the test says, another time each time.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rookery_webhook::Resolver;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::transport::NextTimeout;

/// What each look-up answers; the last answer stands for all that come later.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    answers: Vec<Vec<SocketAddr>>,
    asked: Arc<Mutex<usize>>,
}

impl Names {
    pub(crate) fn answering(answers: Vec<Vec<SocketAddr>>) -> Self {
        Self {
            answers,
            asked: Arc::default(),
        }
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

impl Resolver for Names {
    fn resolve(&self, _uri: &Uri, _config: &Config, _timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut asked = self.asked.lock().unwrap();
        let answer = &self.answers[(*asked).min(self.answers.len() - 1)];
        *asked += 1;
        let mut addresses = self.empty();
        for address in answer {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}
