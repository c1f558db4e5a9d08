//! The OpenAPI document, asked for in the two ways there are.

use super::database::TestDatabase;
use super::test_app::TestApp;

// Proves: ASVS 2.1.1, 6.4.2, 8.1.1
#[test]
fn the_server_answers_with_the_document_the_command_prints() {
    let app = TestApp::on(TestDatabase::Sqlite);
    let answered = app.browser().get("/api/openapi.json").expect(200);
    assert_eq!(answered.text, rookery_api::openapi_json());
    assert!(app.browser().get("/api/docs").expect(200).text.contains("swagger"));
}
