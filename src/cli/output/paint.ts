const code = (colour: number) => (text: string) => `\u001B[${colour}m${text}\u001B[0m`

const marks: Readonly<Record<string, number>> = { '✓': 32, '✗': 31, '!': 33, '?': 35, '·': 90 }

/** Colours for a terminal, in lines that stay as they are otherwise. */
export const paint = {
  /** The marks at the beginning of lines. */
  marks: (text: string): string =>
    text.replace(/^[✓✗!?·](?= )/gm, mark => code(marks[mark] ?? 0)(mark)),
  /** A diff, as git shows it. */
  diff: (text: string): string =>
    text
      .replace(/^(?:diff --git|index|new file|deleted file|--- |\+\+\+ ).*$/gm, code(1))
      .replace(/^@@ .*? @@/gm, code(36))
      .replace(/^\+(?!\+\+ ).*$/gm, code(32))
      .replace(/^-(?!-- ).*$/gm, code(31)),
}
