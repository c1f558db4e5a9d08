//! Who gives a value, and who wins.

use super::*;

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let configuration = with(&[
        ("ROOKERY_LISTEN", ""),
        ("ROOKERY_SMTP_URL", ""),
        ("ROOKERY_SECRET_KEY", ""),
    ])
    .unwrap();
    assert_eq!(configuration.listen.to_string(), "127.0.0.1:8080");
    assert!(configuration.mail.server.is_none());
}

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file() {
    let folder = Folder::new("precedence");
    let file = folder.file(
        "rookery.toml",
        "listen = \"127.0.0.1:1\"\n[brand]\nname = \"File\"\n[http]\nworkers = 3\nallowed_origins = [\"https://a.example\", \"https://b.example\"]\n",
    );
    let configuration = Configuration::read(&Sources {
        flags: vec![("listen", "127.0.0.1:3".to_owned())],
        file: Some(file),
        ..environment(&[("ROOKERY_LISTEN", "127.0.0.1:2"), ("ROOKERY_BRAND_NAME", "Environment")])
    })
    .unwrap();
    assert_eq!(configuration.listen.port(), 3);
    assert_eq!(configuration.brand.name.as_str(), "Environment");
    assert_eq!(configuration.http.workers, 3);
    let origins: Vec<_> = configuration
        .http
        .allowed_origins
        .iter()
        .map(rookery_api::Origin::as_str)
        .collect();
    assert_eq!(origins, ["https://a.example", "https://b.example"]);
}

#[test]
fn the_file_is_found_by_flag_by_variable_or_in_the_working_directory() {
    let folder = Folder::new("places");
    let named = folder.file("named.toml", "brand.name = \"Named\"");
    let variable = folder.file("variable.toml", "brand.name = \"Variable\"");
    folder.file("rookery.toml", "brand.name = \"Here\"");
    let brand = |file: Option<&PathBuf>, variables: &[(&str, &str)]| {
        let sources = Sources {
            file: file.cloned(),
            directory: Some(folder.0.clone()),
            ..environment(variables)
        };
        Configuration::read(&sources).unwrap().brand.name.as_str().to_owned()
    };
    let by_variable = [("ROOKERY_CONFIG", variable.to_str().unwrap())];
    assert_eq!(brand(Some(&named), &by_variable), "Named");
    assert_eq!(brand(None, &by_variable), "Variable");
    assert_eq!(brand(None, &[]), "Here");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let read = Configuration::read(&Sources {
        file: Some("/nowhere/rookery.toml".into()),
        ..Sources::default()
    });
    assert_eq!(problems(read), ["there is no configuration file /nowhere/rookery.toml"]);
}

#[test]
fn unknown_keys_of_the_file_are_refused_wherever_they_are() {
    let folder = Folder::new("unknown");
    let file = folder.file(
        "x.toml",
        "listn = \"x\"\n[mail]\nsmtp_uri = \"x\"\n[coffee]\nblack = true\nlisten = {}\n",
    );
    let read = Configuration::read(&Sources {
        file: Some(file.clone()),
        ..Sources::default()
    });
    let file = file.display();
    assert_eq!(
        problems(read),
        [
            format!("{file} has an unknown key coffee.black"),
            format!("{file} has an unknown key coffee.listen"),
            format!("{file} has an unknown key listn (did you mean listen?)"),
            format!("{file} has an unknown key mail.smtp_uri (did you mean mail.smtp_url?)"),
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_without_quoting_it() {
    let folder = Folder::new("broken");
    let file = folder.file("x.toml", "[security]\nsecret_key = \"hunter2\n");
    let problems = problems(Configuration::read(&Sources {
        file: Some(file),
        ..Sources::default()
    }));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("line 2"), "{}", problems[0]);
    assert!(!problems[0].contains("hunter2"), "{}", problems[0]);
}

#[test]
fn a_bad_value_of_the_file_or_of_a_flag_is_named_as_it_was_written() {
    let folder = Folder::new("names");
    let file = folder.file("x.toml", "[session]\nidle = 30\n[mail]\nsmtp_url = { host = \"x\" }\n");
    let problems = problems(Configuration::read(&Sources {
        flags: vec![("listen", "x".to_owned())],
        file: Some(file.clone()),
        ..Sources::default()
    }));
    let file = file.display();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(
        problems[0].starts_with(&format!("mail.smtp_url in {file} must be a text")),
        "{}",
        problems[0]
    );
    assert!(
        problems[1].starts_with("--listen must be an address"),
        "{}",
        problems[1]
    );
    assert!(
        problems[2].starts_with(&format!("session.idle in {file} must be a time")),
        "{}",
        problems[2]
    );
}

#[test]
fn effective_values_say_who_gave_them() {
    let configuration = Configuration::read(&Sources {
        flags: vec![("listen", "127.0.0.1:3".to_owned())],
        ..environment(&[("ROOKERY_BRAND_NAME", "Example")])
    })
    .unwrap();
    let of = |key: &str| {
        let effective = configuration
            .effective
            .iter()
            .find(|effective| effective.setting.key == key)
            .unwrap();
        (effective.value.text().map(str::to_owned), effective.value.source())
    };
    assert_eq!(of("listen"), (Some("127.0.0.1:3".to_owned()), "flag".to_owned()));
    assert_eq!(of("brand.name"), (Some("Example".to_owned()), "environment".to_owned()));
    assert_eq!(of("session.idle"), (Some("30m".to_owned()), "default".to_owned()));
    assert_eq!(
        of("http.public_url"),
        (Some("http://localhost:3/".to_owned()), "default".to_owned())
    );
    assert_eq!(of("mail.smtp_url"), (None, "default".to_owned()));
    assert_eq!(configuration.effective.len(), SETTINGS.len());
}
