import type { ImageReference } from '../../seedgen/image-reference.ts'
import { checkSealedSecret } from './check-sealed-secret.ts'

/** Codes that must be right though a warning is enough where a person looks: how far it travels, and whose value it is. */
const wanted = ['SEALED_SCOPE', 'SEALED_PROVENANCE']

/**
 * Says why a text is not the sealed push credential of this place, and of that image where one is named; null where it is:
 * one strict SealedSecret of that name and namespace, of `seedAuth` alone, with the notes of `sower seal` for this very
 * value. Nothing is opened for it.
 */
export const whyForeign = (
  text: string,
  {
    place,
    image,
    now,
  }: Readonly<{
    place: Readonly<{ namespace: string; name: string }>
    image: ImageReference | null
    /** ISO 8601. */
    now: string
  }>,
): string | null => {
  const { findings } = checkSealedSecret(text, { now, key: null, image, place })
  const wrong = findings.find(
    ({ code, level }) => level === 'bad' || (level === 'warn' && wanted.includes(code)),
  )
  return wrong?.reason ?? null
}
