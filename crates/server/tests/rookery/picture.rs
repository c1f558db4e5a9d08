//! Ada shows her face.

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use super::browser::Browser;
use super::database::{TestDatabase, on_both_databases};
use super::test_app::TestApp;

const PATH: &str = "/api/users/me/picture";

on_both_databases!(ada_shows_a_picture_then_another_and_then_none);
on_both_databases!(what_is_no_picture_changes_nothing_and_costs_one_of_twenty);

fn signed_in(app: &TestApp, name: &str) -> Browser {
    let mut browser = app.browser();
    let wish = json!({ "email": format!("{name}@example.com"), "password": "correct horse battery" });
    browser.post("/api/auth/signup", &wish).expect(201);
    browser.post("/api/auth/login", &wish).expect(200);
    browser
}

/// A photograph of one colour.
fn photo(color: [u8; 3], format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let photo = RgbImage::from_pixel(900, 700, Rgb(color));
    photo.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn picture_of(browser: &mut Browser) -> Value {
    browser.get("/api/users/me").expect(200).json()["picture"].clone()
}

fn ada_shows_a_picture_then_another_and_then_none(database: TestDatabase) {
    let app = TestApp::on(database);
    let (mut ada, mut bob, mut stranger) = (signed_in(&app, "ada"), signed_in(&app, "bob"), app.browser());
    assert_eq!(picture_of(&mut ada), Value::Null);

    // She sends a photograph, and everybody who knows its name sees what became of it.
    let red = photo([200, 10, 10], ImageFormat::Png);
    let profile = ada.put_picture(PATH, "image/png", &red).expect(200).json();
    let path = profile["picture"].as_str().unwrap().to_owned();
    assert!(path.starts_with("/api/pictures/"), "{path}");
    assert_eq!(picture_of(&mut ada), path);
    assert_eq!(ada.get("/api/auth/session").expect(200).json()["user"]["picture"], path);
    let shown = stranger.get(&path).expect(200);
    assert_eq!(shown.header("content-type"), "image/jpeg");
    assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
    let seen = image::load_from_memory(&shown.bytes).unwrap().into_rgb8();
    assert_eq!(seen.dimensions(), (512, 512));
    assert!(seen.pixels().all(|pixel| pixel.0[0].abs_diff(200) < 6), "it is red");

    // Bob shows the same one.
    let same = bob
        .put_picture("/api/v1/users/me/picture", "image/png", &red)
        .expect(200);
    assert_eq!(same.json()["picture"], path);

    // She shows another one; hers is gone, his stays.
    let blue = photo([10, 10, 200], ImageFormat::WebP);
    let profile = ada.put_picture(PATH, "image/jpeg", &blue).expect(200).json();
    let other = profile["picture"].as_str().unwrap().to_owned();
    assert_ne!(other, path);
    stranger.get(&path).expect(200);
    bob.delete(PATH).expect(200);
    stranger.get(&path).expect(404);
    stranger.get(&other).expect(200);

    // She shows none, as often as she likes.
    for _ in 0..2 {
        let profile = ada.delete(PATH).expect(200).json();
        assert_eq!(profile["picture"], Value::Null);
    }
    stranger.get(&other).expect(404);

    // What she did is there to be looked back at: two pictures, and one that went.
    let activity = ada.get("/api/users/me/activity?action=user.updated").expect(200).json();
    assert_eq!(activity["events"].as_array().unwrap().len(), 3);

    stranger.put_picture(PATH, "image/png", &red).expect(401);
    stranger.delete(PATH).expect(401);
}

// Proves: A69
fn what_is_no_picture_changes_nothing_and_costs_one_of_twenty(database: TestDatabase) {
    let app = TestApp::with(database, &[("ROOKERY_RATE_LIMITS", "default")]);
    let mut ada = signed_in(&app, "ada");
    let red = photo([200, 10, 10], ImageFormat::Jpeg);
    let shown = ada.put_picture(PATH, "image/jpeg", &red).expect(200).json()["picture"].clone();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (number, upload) in [svg.as_slice(), b"", b"GIF89a", &red[..red.len() / 2]]
        .iter()
        .enumerate()
    {
        let answer = ada.put_picture(PATH, "image/png", upload).expect(400).json();
        assert_eq!(answer["errors"][0]["path"], json!(["picture"]), "{number}");
    }
    ada.put_picture(PATH, "image/svg+xml", svg).expect(415);
    for _ in 5..20 {
        ada.put_picture(PATH, "image/png", svg).expect(400);
    }
    let refused = ada.put_picture(PATH, "image/jpeg", &red).expect(429);
    assert_eq!(refused.header("ratelimit"), "\"picture\";r=0;t=3600");
    assert_eq!(picture_of(&mut ada), shown);
    ada.delete(PATH).expect(200);
}
