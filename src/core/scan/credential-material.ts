import { isPlaceholder, isPlaceholderPair } from './is-placeholder.ts'

/** A credential that stands in a text as it is, not encoded. */
export type Material = Readonly<{ code: 'AUTHFILE_MATERIAL' | 'PRIVATE_KEY'; at: number }>

const keyHeader = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
// What follows a header may be escaped, once or more often, quoted, commented, listed, in a patch, HTML, or crossed out.
const besideKey = /(?:\\+[nrt]|<br ?\/?>|&#(?:1[03]|x0?[AaDd]);|[\s"'#*>|,+-]|[xX]{24,})*/y
const keyField = /[A-Za-z-]{4,20}: [^\n\\"'#*]{0,100}(?=[\s\\"'#*])/y
const keyBody = /[A-Za-z0-9+/]{24}/y
const mostFields = 5

/** True if a key is there: a header alone is documentation. Each step is taken once, so no text takes long. */
const isKeyAfter = (text: string, start: number): boolean => {
  const endOf = (pattern: RegExp, from: number): number => {
    pattern.lastIndex = from
    return pattern.test(text) ? pattern.lastIndex : -1
  }
  for (let [at, fields] = [start, 0]; at >= 0 && fields <= mostFields; fields += 1) {
    const next = endOf(besideKey, at)
    if (endOf(keyBody, next) >= 0) return true
    at = endOf(keyField, next)
  }
  return false
}

// As JSON, as JSON inside of strings, and as YAML.
const authEntry =
  /(?<![\w.-])(auth|identitytoken|registrytoken|password)\\*["']?[ \t]*:\s*\\*["']?(<[^<>\n]*>|[^\s"'\\,{}[\]]{4,})/gi
// A sentence about passwords: a word, without quotes, and another one behind it.
const wordBefore = /:[ \t]+[A-Z]?[a-z]+(?:[/-][a-z]+)*[.;!?]?$/
const wordAfter = /[ \t]+[A-Za-z][a-z]*(?![\w:"'])/y
const authfile = /(?<![\w.-])auths\\*["']?[ \t]*:/g

/** Authfile entries and private keys in a text. */
export const credentialMaterial = (text: string): readonly Material[] => {
  const found: Material[] = []
  for (const { 0: header, index } of text.matchAll(keyHeader))
    if (isKeyAfter(text, index + header.length)) found.push({ code: 'PRIVATE_KEY', at: index })
  const authfiles = Array.from(text.matchAll(authfile), ({ index }) => index)
  // Both come in order, so the nearest one before is never further back than the last time.
  let nearest = -1
  const isInAuthfile = (at: number): boolean => {
    while (Number(authfiles[nearest + 1]) < at) nearest += 1
    return at - Number(authfiles[nearest]) < longestAuthfile
  }
  const isInProse = (entry: string, end: number): boolean => {
    wordAfter.lastIndex = end
    return wordBefore.test(entry) && wordAfter.test(text)
  }
  for (const { 0: entry, index, 1: key = '', 2: value = '' } of text.matchAll(authEntry)) {
    if (isPlaceholder(value.replace(/[;)]{1,3}$/, '')) || isInProse(entry, index + entry.length))
      continue
    // containers/image ignores a password beside `auth`; the person who wrote it there has leaked it all the same.
    const isCredential = /^auth$/i.test(key)
      ? isUserAndPassword(value)
      : /^password$/i.test(key)
        ? value !== 'empty' && isInAuthfile(index)
        : value.length >= 16
    if (isCredential) found.push({ code: 'AUTHFILE_MATERIAL', at: index })
  }
  return found
}

const longestAuthfile = 16_384

/** Base64 of `user:password` that somebody could log in with. */
const isUserAndPassword = (value: string): boolean => {
  if (!/^[\w+/-]+={0,2}$/.test(value)) return false
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  return (
    /^[^:\p{Cc}\uFFFD]+:[^\p{Cc}\uFFFD]+\0*$/u.test(decoded) &&
    !isPlaceholderPair(decoded.replace(/(?<!\0)\0+$/, ''))
  )
}
