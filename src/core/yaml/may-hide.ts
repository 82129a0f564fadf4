/** True if a text may hold any word without showing it. */
export const mayHide = (text: string): boolean => hiding.test(text)

// Escapes, base64 and UTF-16, in which a name does not stand as it is.
const hiding = /\\(?:[xuU]|\r?\n)|!!binary|\0/
