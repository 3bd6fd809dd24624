//! Which locals each statement assigns, needs and overwrites; which memories each local may share.
pub struct Flow;
