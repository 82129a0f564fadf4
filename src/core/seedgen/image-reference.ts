import { RefusedError } from '../../errors.ts'

/** A tag reference that `podman build --tag` and `podman push` take: `registry/repository:tag`. */
export type ImageReference = Readonly<{
  /** Host with port, in lower case. */
  registry: string
  repository: string
  tag: string
  text: string
}>

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const host =
  '(?:localhost|(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?\\.)+[a-zA-Z0-9-]+|\\[[0-9a-fA-F:]+\\]|[a-zA-Z0-9-]+(?=:))(?::[0-9]{1,5})?'
const reference = new RegExp(
  `^(?<registry>${host})/(?<repository>${component}(?:/${component})*):(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$`,
)

/** Cuts off the part before an @, which may be somebody's password and which no message may hold; a digest stands behind one. */
const withoutUser = (text: string): string => text.replace(/^[^]*@(?!sha\d+:[0-9a-f]*$)/, '…@')

/**
 * Reads a seed image reference. Throws RefusedError IMAGE_INVALID for a scheme, a digest, a missing tag or
 * registry, or anything that is not a reference: the Lifecycle Agent hands it to podman as it is, after the
 * cluster is down (seedcreator.go:497-502).
 */
export const parseImageReference = (text: string): ImageReference => {
  const read = readImageReference(text)
  if (typeof read !== 'string') return read
  throw new RefusedError(
    'IMAGE_INVALID',
    `reading the image reference ${JSON.stringify(withoutUser(text))}: ${read}`,
    { fix: 'write registry/repository:tag, for example registry.example.com/ibu/seed-sno1:4.18.5' },
  )
}

/** The same, or what is wrong with it, without the text itself: it may be a URL with a password. */
export const readImageReference = (text: string): ImageReference | string => {
  if (text.includes('://')) return 'it has a scheme'
  if (text !== withoutUser(text)) return 'it has a user, or something else before an @'
  if (text.includes('@')) return 'it has a digest, and an image cannot be pushed to a digest'
  if (!text.slice(text.lastIndexOf('/') + 1).includes(':') || /^[^/]*:[0-9]+$/.test(text))
    return 'it has no tag'
  const groups = reference.exec(text)?.groups
  if (!groups)
    return text.includes('/') ? 'it is not registry/repository:tag' : 'it has no registry'
  const { registry = '', repository = '', tag = '' } = groups
  return { registry: registry.toLowerCase(), repository, tag, text }
}

/** Fills `{cluster}` and `{version}` in the image template of the configuration. */
export const imageFromTemplate = (
  template: string,
  { cluster, version }: Readonly<{ cluster: string; version: string }>,
): ImageReference =>
  parseImageReference(template.replaceAll('{cluster}', cluster).replaceAll('{version}', version))
