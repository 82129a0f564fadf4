/** A credential that stands in a text as it is, not encoded. */
export type Material = Readonly<{ code: 'AUTHFILE_MATERIAL' | 'PRIVATE_KEY'; at: number }>

// A header alone is documentation; what follows it may be escaped, quoted, commented or encrypted.
const privateKey =
  /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[\s"'#*>|,+-])*(?:[A-Za-z-]{4,20}: [^\n\\]{0,100}(?:\\[nr]|[\s"'#*])+){0,5}[A-Za-z0-9+/]{24}/g

// As JSON, as JSON inside of strings, and as YAML.
const authEntry =
  /(?<![\w.-])(auth|identitytoken|registrytoken|password)\\*["']?[ \t]*:\s*\\*["']?([^\s"'\\,{}[\]]{4,})/gi
const authfile = /(?<![\w.-])auths\\*["']?[ \t]*:/g

/** Authfile entries and private keys in a text. */
export const credentialMaterial = (text: string): readonly Material[] => {
  const found: Material[] = []
  for (const { index } of text.matchAll(privateKey)) found.push({ code: 'PRIVATE_KEY', at: index })
  const authfiles = [...text.matchAll(authfile)].map(({ index }) => index)
  const isInAuthfile = (at: number): boolean =>
    authfiles.some(start => start < at && at - start < longestAuthfile)
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
