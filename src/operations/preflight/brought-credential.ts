import { textAt } from '../../core/repository-tree.ts'
import { whyForeign } from '../../core/secret/sealed/why-foreign.ts'
import { readImageReference } from '../../core/seedgen/image-reference.ts'
import type { Base } from '../base.ts'
import type { Checkout } from '../ports/repository.ts'

/** A sealed push credential that a head brings to its place in Git; the reason says why it will not do. */
export type BroughtCredential = Readonly<{ reason: string | null }>

/** Looks whether a head brings another push credential than its base holds; null where it brings none. */
export const broughtCredential = (
  { checkout, config: { secret } }: Base,
  head: Checkout,
  { image, now }: Readonly<{ image: string; now: string }>,
): BroughtCredential | null => {
  const path = secret.file
  if (head.tree.entry(path) !== 'file') return null
  const text = textAt(head.tree, path)
  if (checkout.tree.entry(path) === 'file' && textAt(checkout.tree, path) === text) return null
  const reference = readImageReference(image)
  const wanted = typeof reference === 'string' ? null : reference
  return { reason: whyForeign(text, { place: secret, image: wanted, now }) }
}
