/** The identity by which kustomize knows an object. */
export type RenderedIdentity = Readonly<{
  apiVersion: string
  kind: string
  name: string
  /** Empty where there is none. */
  namespace: string
}>

/**
 * Reads the identity of one document that kustomize printed; null where a line is not of the plainest form. kustomize
 * prints block style with two spaces, so its four fields stand on lines of their own.
 */
export const renderedIdentity = (text: string): RenderedIdentity | null => {
  const apiVersion = only(text, /^apiVersion: (.*)$/gm)
  const kind = only(text, /^kind: (.*)$/gm)
  const start = /^metadata:\n/m.exec(text)
  if (apiVersion === null || kind === null || start === null) return null
  const rest = text.slice(start.index + start[0].length)
  const end = rest.search(/^[^ \n]/m)
  const metadata = end === -1 ? rest : rest.slice(0, end)
  if (/^metadata:/m.test(rest.slice(metadata.length))) return null
  const name = only(metadata, /^ {2}name: (.*)$/gm)
  const namespace = only(metadata, /^ {2}namespace: (.*)$/gm, '')
  const isPlain =
    /^[A-Za-z0-9.-]+(?:\/[A-Za-z0-9.-]+)?$/.test(apiVersion) && /^[A-Za-z0-9]+$/.test(kind)
  return isPlain && name !== null && namespace !== null
    ? { apiVersion, kind, name, namespace }
    : null
}

/** The value of the one line that has it; without a line `otherwise`. */
const only = (text: string, line: RegExp, otherwise: string | null = null): string | null => {
  const [first, second] = text.matchAll(line)
  if (!first) return otherwise
  const [, written = ''] = first
  const [, double, single] = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(written) ?? []
  const value = double ?? single ?? written
  return !second && simple.test(value) ? value : null
}

const simple = /^[A-Za-z0-9](?:[\w.:/-]*\w)?$/
