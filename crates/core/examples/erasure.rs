//! Prints the page of the documentation that says what becomes of what when an account is erased.

fn main() {
    print!("{}", rookery_core::erasure_page());
}
