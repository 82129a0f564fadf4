import { Composer, Lexer, Parser, type Document, type LineCounter } from 'yaml'

// Deeper than people write. Near the end of the stack V8 gives up compiling a pattern and aborts the process, which
// no handler catches: neither the parser nor a walk over what it gives may come near.
const deepest = 250
// A piece costs a parser up to a kilobyte, and each alias a walk over all pieces before it.
const mostPieces = 250_000
const mostAliases = 1000

/**
 * Composes the documents of a YAML text, each with its errors; null for a text that nests deeper, or has more pieces
 * or aliases, than Sower reads. The parser's own stack is the measure, so brackets in quotes and comments count for
 * nothing. Only the tags of YAML 1.2 mean something: `!!merge` and `%YAML 1.1` would multiply what a small text holds.
 */
export const composeDocuments = (
  text: string,
  {
    uniqueKeys,
    lines,
    intAsBigInt = false,
  }: Readonly<{ uniqueKeys: boolean; lines?: LineCounter; intAsBigInt?: boolean }>,
): readonly Document.Parsed[] | null => {
  lines?.addNewLine(0)
  const parser = new Parser(lines?.addNewLine)
  const tokens: Parameters<Composer['next']>[0][] = []
  let [pieces, aliases] = [0, 0]
  for (const piece of new Lexer().lex(text)) {
    tokens.push(...parser.next(piece))
    pieces += 1
    if (piece.startsWith('*')) aliases += 1
    if (parser.stack.length > deepest || pieces > mostPieces || aliases > mostAliases) return null
  }
  tokens.push(...parser.end())
  const composer = new Composer({
    keepSourceTokens: true,
    logLevel: 'silent',
    uniqueKeys,
    intAsBigInt,
    schema: 'core',
    resolveKnownTags: false,
  })
  return [...composer.compose(tokens)]
}

/** Why composeDocuments gives nothing. */
export const beyondReading = 'it nests deeper, or has more pieces or aliases, than Sower reads'
