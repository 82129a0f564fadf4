import { binaryTag } from '../yaml/may-hide.ts'

/** How the text of a file may be put into a shard. */
export type TextKind =
  /** Behind other texts in one file, with a line `---` between them. */
  | 'joined'
  /** In a file of its own. */
  | 'alone'

/**
 * Why a file that a build reads keeps the tree from being taken apart; null where nothing in it does. kustomize
 * drops objects marked as local only once it has compared their names with all others, and keeps notes of its own in
 * annotations of `config.kubernetes.io`: what is in one shard would miss what is in another. A key of YAML can stand
 * there in escaped letters, so both readings are looked at.
 */
export const doubtInText = (text: string): string | null => {
  if (/[\0\uFFFD]/.test(text)) return 'it is not UTF-8'
  if (binaryTag.test(text) || /!<|^%/m.test(text))
    return 'it has tags or directives that change its texts'
  return annotations.test(text) || (hasEscapes(text) && annotations.test(unescaped(text)))
    ? 'it has annotations that kustomize itself reads'
    : null
}

/** The group of kustomizations is the one harmless name. */
const annotations =
  /(?<!kustomize\.)config\.k(?:ubernetes|8s)\.io|kustomize\.config\.k8s\.io\/(?!v1(?:beta1|alpha1)\b)/

const escape = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(\/)|\r?\n[ \t]*)/g

const hasEscapes = (text: string): boolean => text.includes('\\') && text.search(escape) !== -1

/** The text with every escape of a double-quoted text resolved, also where it stands in none. */
const unescaped = (text: string): string =>
  text.replace(escape, (_, ...[x, u, U, slash]: (string | undefined)[]) => {
    const code = Number.parseInt(x ?? u ?? U ?? '', 16)
    if (Number.isNaN(code)) return slash ?? ''
    return code > 0x10ffff ? '' : String.fromCodePoint(code)
  })

/**
 * How a text goes into a shard. kustomize splits a file at `\n---.*\n` and reads each part by itself
 * (byteio_reader.go, splitDocuments): a text in front of a separator must end with a line break of its own, and a list
 * is unpacked otherwise where it is the only document of its file.
 */
export const textKind = (text: string): TextKind => {
  const last = text.slice(text.lastIndexOf('\n', text.length - 2) + 1)
  const isJoined =
    text.endsWith('\n') &&
    !last.startsWith('---') &&
    !/List|\uFEFF/.test(text) &&
    !(hasEscapes(text) && /List/.test(unescaped(text)))
  return isJoined ? 'joined' : 'alone'
}
