/**
 * Where a file goes that the script asks for by its address. The small model's lie in a folder of their own, by the same names
 * for the page as for the element alone, so that the two share them; a name holds a number made of what is in the file. It
 * does not end in .gz: some servers take that for a way to send a file, and browsers then unpack it, or a part of it, themselves.
 */
export const assetFileNames = ({ names: [name = ""] }: { names: readonly string[] }): string =>
  /^small-\d+\./.test(name) ? "small-model/[name]-[hash].gzip" : "assets/[name]-[hash][extname]";
