import { isScalar, type ParsedNode } from 'yaml'
import { isTaggedOtherThan } from './read-document.ts'

/** Whether a node with this value is a text, and the same text for kustomize, which reads YAML 1.1. */
export const isText = (node: ParsedNode, value: unknown, text: string): boolean => {
  if (typeof value !== 'string' || isTaggedOtherThan('str', node)) return false
  const type = isScalar(node) ? node.type : 'PLAIN'
  if (type === 'PLAIN' && node.tag === undefined) return !isOtherInGo(value)
  // A blank line below an escaped line break is a line break for kustomize, and a space for the yaml package.
  if (type === 'QUOTE_DOUBLE') return !/\\\r?\n\s*\n/.test(text.slice(node.range[0], node.range[1]))
  if (type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED') return true
  // Of spaces alone, and of a line break where the file ends without one, the two keep different ones.
  const isCut = node.range[1] === text.length && !text.endsWith('\n')
  return value.trim() !== '' && !(isCut && value.endsWith('\n'))
}

// What goyaml.v2/resolve.go takes for a boolean or a number, and the yaml package for a text.
const isOtherInGo = (plain: string): boolean =>
  /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/.test(plain) ||
  (/^[-+0-9]/.test(plain) && number.test(plain.replaceAll('_', '')))

const number =
  /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/
