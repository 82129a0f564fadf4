const deepestFlow = 250
const deepestIndent = 500
// Collections that begin on one line, with tags and anchors between.
const compactBlocks = /(?:[-?:][ \t]+(?:[&!][^\s]*[ \t]+){0,2}){100}/

/**
 * Whether a YAML text nests deeper than any person writes. Parsers go down with it: near the end of the
 * stack V8 gives up compiling a pattern and aborts the whole process, which no handler catches.
 */
export const nestsTooDeep = (text: string): boolean => {
  if (compactBlocks.test(text)) return true
  let [flow, indent, isIndenting] = [0, 0, true]
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === lineFeed) [indent, isIndenting] = [0, true]
    else if (isIndenting && character === space) indent += 1
    else isIndenting = false
    if (character === squareOpen || character === curlyOpen) flow += 1
    else if (character === squareClose || character === curlyClose) flow = Math.max(0, flow - 1)
    if (flow > deepestFlow || indent > deepestIndent) return true
  }
  return false
}

const lineFeed = 10
const space = 32
const [squareOpen, squareClose, curlyOpen, curlyClose] = [0x5b, 0x5d, 0x7b, 0x7d]
