//! Prints the page of the limits: `cargo run -p rookery-core --example limits > docs/limits.md`

fn main() {
    print!("{}", rookery_core::limits_page());
}
