// Keys that a workgroup of flash-decoding reads in a round: those of a split where there are several.
const split_len = 64u;
