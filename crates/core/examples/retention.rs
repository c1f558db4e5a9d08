//! Prints the page of the documentation that says what is kept how long.

fn main() {
    print!("{}", rookery_core::retention_page());
}
