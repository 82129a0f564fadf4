// What a template engine, a shell, SOPS, Ansible or a person puts in later.
const filler = String.raw`<[^<>]*>|\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|%\w+%|__[A-Z0-9]+(?:_[A-Z0-9]+)*__`
const onlyFiller = new RegExp(
  String.raw`^(?:(?:${filler})[\s:/.@-]{0,3})+$|^\$\w+$|^process\.env\.\w+$|^ENC\[[^\]]*\]$|^\$ANSIBLE_VAULT;[\d.]+;AES256(?:;\S+)?\s[\da-f\s]+$|^\s*$`,
)

// Words that people write where a credential belongs. The word alone counts: `changeme-7f3a` may be a password.
const word =
  /^(?:change[_-]?(?:me|it)|replace[_-]?me|redacted|removed|masked|hidden|placeholder|dummy|todo|tbd|fixme|example|none|null|undefined|string|password|passwd)$/i
const sentence =
  /^(?:(?:your|insert|enter|replace|put|paste)[ _-](?:[a-z]+[ _-])*[a-z]+|(?:my|the|an?|example)[ _-](?:[a-z]+[ _-]){0,3}(?:password|token|secret|credentials?|key))$/i
const constant =
  /^(?=.*(?:TOKEN|PASSW|SECRET|CREDENTIAL|BASE64|AUTH|YOUR|HERE))[A-Z]+(?:64)?(?:_[A-Z0-9]+)+$/
const same = /^(?:\.{3}|([x*.\-#?_])\1{3,}|(?:x{3,}[-_.])+x{3,})$/i

/** A value that something fills in later, or that SOPS or Ansible has encrypted. */
export const isFilledIn = (value: string): boolean => onlyFiller.test(value)

/** A value that somebody or something fills in later: no credential. */
export const isPlaceholder = (value: string): boolean =>
  isFilledIn(value) || [word, sentence, constant, same].some(pattern => pattern.test(value))

// Pairs that documentation of registries and of Kubernetes uses.
const documented = [
  'user:password',
  'username:password',
  'user:pass',
  'myuser:mypassword',
  'tiger:pass1234',
]

// What opens many a registry, so that it says nothing of documentation behind a name of somebody's own.
const lazy = /:passw(?:or)?d$/i

/** True if a pair is of documentation, still to be filled in, or that of an emptied pull secret (consts.go:149). */
export const isPlaceholderPair = (pair: string): boolean =>
  pair === 'empty:empty' ||
  documented.includes(pair) ||
  (!lazy.test(pair) && isPlaceholder(pair.slice(pair.indexOf(':') + 1)))
