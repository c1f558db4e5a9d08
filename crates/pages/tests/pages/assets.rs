//! What pages are drawn with.

use crate::ask::browser;
use crate::behind::nothing;

#[actix_web::test]
async fn what_a_page_is_drawn_with_is_served_for_ever_under_a_name_of_its_content() {
    let mut browser = browser(nothing());
    let page = browser.get("/login").await.text.replace("&#x2f;", "/");
    let mut assets = 0;
    for attribute in ["href=\"/assets/", "src=\"/assets/"] {
        for (at, _) in page.match_indices(attribute) {
            let name = page[at + attribute.len()..].split('"').next().unwrap();
            let served = browser.get(&format!("/assets/{name}")).await;
            assert_eq!(served.status, 200, "{name}");
            assert_eq!(
                served.header("cache-control"),
                Some("public, max-age=31536000, immutable")
            );
            assert!(served.set_cookies().is_empty());
            assets += 1;
        }
    }
    assert_eq!(assets, 4, "a sheet, the brand's colours, a script and an icon");
}

#[actix_web::test]
async fn another_name_is_nothing() {
    for path in [
        "/assets/app.css",
        "/assets/app.000000000000000000.css",
        "/assets/..%2fsrc",
        "/assets/",
    ] {
        assert_eq!(browser(nothing()).get(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn all_of_a_page_weighs_less_than_a_hundred_kilobytes() {
    let mut browser = browser(nothing());
    let page = browser.get("/login").await.text.replace("&#x2f;", "/");
    let mut bytes = page.len();
    for attribute in ["href=\"/assets/", "src=\"/assets/"] {
        for (at, _) in page.match_indices(attribute) {
            let name = page[at + attribute.len()..].split('"').next().unwrap();
            bytes += browser.get(&format!("/assets/{name}")).await.text.len();
        }
    }
    assert!(bytes < 100_000, "{bytes}");
}
