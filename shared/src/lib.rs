//! The heart of Công Tâm.
