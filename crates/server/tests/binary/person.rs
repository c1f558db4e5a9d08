//! Somebody with an account, and what they do with it.

use serde_json::{Value, json};

use super::client::{Answer, Call, Client, Lost};

/// Somebody who remembers their address, their password and their cookie.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) password: String,
    /// `name=value`, once they have logged in.
    pub(crate) cookie: String,
}

impl Person {
    /// Somebody who has not signed up yet.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            email: format!("{name}@example.com"),
            password: format!("a first password of {name}"),
            cookie: String::new(),
        }
    }

    /// Somebody who has signed up and logged in.
    pub(crate) fn at_home(client: &Client, name: &str) -> Self {
        let mut person = Self::new(name);
        person.sign_up(client).unwrap().expect_status(201);
        person.log_in(client);
        person
    }

    pub(crate) fn sign_up(&self, client: &Client) -> Result<Answer, Lost> {
        let body =
            json!({ "email": self.email, "password": self.password, "name": "Ada Lovelace", "companyName": "Engines" });
        client.post("/api/auth/signup", &body).attempt()
    }

    /// What a log-in with this password answers.
    pub(crate) fn try_password(&self, client: &Client, password: &str) -> Answer {
        let body = json!({ "email": self.email, "password": password });
        client.post("/api/auth/login", &body).send()
    }

    /// Whether this password lets them in.
    #[track_caller]
    pub(crate) fn gets_in_with(&self, client: &Client, password: &str) -> bool {
        let answer = self.try_password(client, password);
        assert!(
            [200, 401].contains(&answer.status),
            "{} {}",
            answer.status,
            answer.text()
        );
        answer.status == 200
    }

    /// Logs in and keeps the cookie.
    #[track_caller]
    pub(crate) fn log_in(&mut self, client: &Client) -> Answer {
        let answer = self.try_password(client, &self.password).expect_status(200);
        self.cookie = answer.cookie().unwrap();
        answer
    }

    pub(crate) fn get<'a>(&self, client: &'a Client, path: &str) -> Call<'a> {
        client.get(path).cookie(&self.cookie)
    }

    /// Their profile.
    pub(crate) fn me(&self, client: &Client) -> Value {
        self.get(client, "/api/users/me").send().expect_status(200).json()
    }

    /// Whether a cookie is that of a live session.
    #[track_caller]
    pub(crate) fn is_in(client: &Client, cookie: &str) -> bool {
        let answer = client.get("/api/users/me").cookie(cookie).send();
        assert!(
            [200, 401].contains(&answer.status),
            "{} {}",
            answer.status,
            answer.text()
        );
        answer.status == 200
    }

    pub(crate) fn change_password(&self, client: &Client, to: &str) -> Result<Answer, Lost> {
        let body = json!({ "currentPassword": self.password, "newPassword": to });
        client
            .post("/api/users/me/change-password", &body)
            .cookie(&self.cookie)
            .attempt()
    }

    pub(crate) fn forget_password(&self, client: &Client) -> Result<Answer, Lost> {
        client
            .post("/api/auth/forgot-password", &json!({ "email": self.email }))
            .attempt()
    }

    pub(crate) fn reset_password(client: &Client, token: &str, to: &str) -> Result<Answer, Lost> {
        client
            .post(
                "/api/auth/reset-password",
                &json!({ "token": token, "newPassword": to }),
            )
            .attempt()
    }

    pub(crate) fn log_out(client: &Client, cookie: &str) -> Result<Answer, Lost> {
        client.call("POST", "/api/auth/logout").cookie(cookie).attempt()
    }
}
