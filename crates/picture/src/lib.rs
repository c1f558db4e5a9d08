//! Pictures of people: what was uploaded is decoded under limits and encoded anew, so that nothing of it is kept but the
//! pixels.
//!
//! | module | idea |
//! |---|---|
//! | `image_picture_maker` | the adapter of the port |
//! | `workbench` | the one thread that does the work, and its queue |
//! | `kind` | what an upload is, by its content |
//! | `jpeg` | what a JPEG says of itself before it is decoded |
//! | `decoded` | from bytes to pixels, within limits |
//! | `square` | the centred square, made small |
//! | `encoded` | from pixels to the bytes that are kept |
//!
//! Whatever its kind, a picture leaves as one kind of JPEG: a baseline one in three colours, which every browser shows. What
//! was transparent is white, of what moved the first frame is kept, and colours are taken for sRGB.

mod decoded;
mod encoded;
mod image_picture_maker;
mod jpeg;
mod kind;
mod square;
mod workbench;

pub use image_picture_maker::{ImagePictureMaker, PictureMakerStartError};
