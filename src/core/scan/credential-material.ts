/** A credential that stands in a text as it is, not encoded. */
export type Material = Readonly<{ code: 'AUTHFILE_MATERIAL' | 'PRIVATE_KEY'; at: number }>

const keyHeader = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
// What follows a header may be escaped, quoted, commented, listed or in a patch.
const besideKey = /(?:\\[nr]|[\s"'#*>|,+-])*/y
const keyField = /[A-Za-z-]{4,20}: [^\n\\"'#*]{0,100}(?=[\s\\"'#*])/y
const keyBody = /[A-Za-z0-9+/]{24}/y
const mostFields = 5

/** Whether a key is there: a header alone is documentation. Each step is taken once, so no text takes long. */
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
  /(?<![\w.-])(auth|identitytoken|registrytoken|password)\\*["']?[ \t]*:\s*\\*["']?([^\s"'\\,{}[\]]{4,})/gi
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
  for (const { index, 1: key = '', 2: value = '' } of text.matchAll(authEntry)) {
    if (isPlaceholder(value)) continue
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

/** Base64 of `user:password`, but for the one that the Lifecycle Agent puts into an emptied pull secret (consts.go:149). */
const isUserAndPassword = (value: string): boolean => {
  if (!/^[\w+/-]+={0,2}$/.test(value)) return false
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  return /^[^:\p{Cc}\uFFFD]+:[^\p{Cc}\uFFFD]+\0*$/u.test(decoded) && decoded !== 'empty:empty'
}

/** A value that somebody or something fills in later, or that SOPS has encrypted. */
export const isPlaceholder = (value: string): boolean =>
  /^(?:<[^<>]*>|\{\{[^{}]*\}\}|\$\{?\w+\}?|ENC\[[^\]]*\]|\s*)$/.test(value)
