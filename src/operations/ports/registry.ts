import type { Credential } from '../../core/secret/authfile/check-authfile.ts'
import type { ImageReference } from '../../core/seedgen/image-reference.ts'
import type { PushAnswer } from '../../core/seedgen/push-problem.ts'
import type { SeedImage } from '../../core/seedgen/prove-image.ts'
import type { Seen } from '../../core/seen.ts'

export type Registry = Readonly<{
  /** How it reaches the registry of an image: the authority beside the built-in ones (PEM), and the proxy without its user. */
  way?: (
    image: ImageReference,
  ) => Promise<Readonly<{ authority: string | null; proxy: string | null }>>
  /** Tries whether the registry lets an upload to that repository begin, and go on where a client can follow; it is cancelled at once. */
  mayPush: (image: ImageReference, credential: Credential) => Promise<Seen<PushAnswer>>
  /** The digest that a tag points to; it need not be that of a seed image. */
  digest: (image: ImageReference, credential: Credential) => Promise<Seen<string>>
  /** Manifest digest and seed labels of a tag. */
  inspect: (image: ImageReference, credential: Credential) => Promise<Seen<SeedImage>>
}>
