import type { ScanFinding } from './scan-finding.ts'
import { largestParsed, scanText } from './scan-text.ts'

/** A file as text; `isWatched` where nothing may lie that cannot be read. */
export type ScannedFile = Readonly<{ path: string; text: string; isWatched?: boolean }>

/** Names of files that are YAML or JSON. */
export const yamlName = /\.(?:ya?ml|json)$/i
// Without such a name, what begins like a manifest is one.
const looksLikeManifest = /^\s*(?:---|apiVersion:|kind:|[{[])/
const holdsSealed = /\bkind["']?\s*:\s*["']?SealedSecret\b/
// In YAML that cannot be read: a value, no placeholder, and not what sealing makes.
const plainAuth = /\bseedAuth\\*["']?[ \t]*:[ \t]*\\*["']?(?!Ag)[\w+/-]{8}/g

/**
 * Every credential, and every chance of one, in a file; what the command line, the bot and a pre-commit
 * hook go by. It tells where, never what.
 */
export const scanFile = ({
  path,
  text,
  isWatched = false,
}: ScannedFile): readonly ScanFinding[] => {
  const isYaml = yamlName.test(path)
  const lineOf = linesOf(text)
  const mustParse = isYaml && (isWatched || holdsSealed.test(text))
  const isManifest = isYaml || looksLikeManifest.test(text)
  const found = scanText(text, {
    parses: mustParse ? 'always' : isManifest ? 'if-worth-it' : 'never',
  })
  const isBroken = found.some(({ code }) => code === 'YAML_UNREADABLE')
  const findings = [
    ...found.flatMap(one =>
      one.code !== 'YAML_UNREADABLE' || mustParse
        ? [one]
        : text.length > largestParsed
          ? [{ code: 'NOT_SCANNED' as const, at: 0 }]
          : [],
    ),
    ...(isBroken && isYaml
      ? [...text.matchAll(plainAuth)].map(({ index }) => ({
          code: 'SEEDGEN_SECRET_PLAIN' as const,
          at: index,
        }))
      : []),
  ].map(({ code, at }): ScanFinding => ({ path, line: lineOf(at), code }))
  const unique = new Map(findings.map(finding => [`${finding.line} ${finding.code}`, finding]))
  return [...unique.values()].sort((a, b) => a.line - b.line || a.code.localeCompare(b.code))
}

/** The line, from 1, of each offset. */
const linesOf = (text: string): ((at: number) => number) => {
  const breaks = Array.from(text.matchAll(/\n/g), ({ index }) => index)
  return at => {
    let [low, high] = [0, breaks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (Number(breaks[middle]) < at) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
