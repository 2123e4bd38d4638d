// int8-block: 32 neighbouring weights of a row in int8 share a scale, the largest magnitude among them
// They lie in nine words: eight with four weights each, then the bits of the scale, an f32.
const BLOCK_VECS = 8u;
const BLOCK_WORDS = 9u;
