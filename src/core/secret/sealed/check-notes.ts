import { coveringKeys } from '../authfile/covering-keys.ts'
import { nameKeys } from '../authfile/explain-no-match.ts'
import { fine, mistake, warning, type Finding } from '../../finding.ts'
import type { ImageReference } from '../../seedgen/image-reference.ts'
import type { ReadSealedSecret } from './read-sealed-secret.ts'
import type { SealingKey } from './sealing-key.ts'

/** The values that a SealedSecret is held against; null where nothing is known. */
export type Expectations = Readonly<{
  /** ISO 8601. */
  now: string
  key: SealingKey | null
  image: ImageReference | null
  /** Where `sower.yaml` says that the Secret is. */
  place: Readonly<{ namespace: string; name: string }> | null
}>

const day = 24 * 3600 * 1000

/** A push credential is for one generation; after this time nobody knows who has read it. */
const rotateAfter = 90 * day
const expiresSoon = 7 * day

/**
 * Checks the notes on a SealedSecret. They count only while the digest among them is that of the value:
 * a value that was sealed by hand has the notes of another one. Whoever may edit the file can forge both.
 */
export const checkNotes = (
  { notes, isIntact }: ReadSealedSecret,
  { now, image }: Expectations,
): readonly Finding[] => {
  if (!isIntact)
    return [
      warning(
        'SEALED_PROVENANCE',
        notes.ciphertextSha256 === undefined
          ? 'unknown provenance: it carries no notes of `sower seal`'
          : 'unknown provenance: its notes are those of another value',
        'seal it again with `sower seal`: only then is it known what it covers and when it ends',
      ),
    ]
  return [
    fine('SEALED_PROVENANCE', 'its notes belong to this value'),
    ...(image ? [checkCover(notes.registryKey, image)] : []),
    checkAge(notes.sealedAt, now),
    checkExpiry(notes.expiresAt, now),
  ]
}

const checkCover = (registryKey: string | undefined, image: ImageReference): Finding => {
  const wanted = `${image.registry}/${image.repository}`
  if (registryKey === undefined)
    return warning(
      'SEALED_COVERS',
      `no note says whether it covers ${wanted}`,
      'seal it again with `sower seal`',
    )
  const shown = nameKeys([registryKey])
  return coveringKeys([registryKey], image).length > 0
    ? fine('SEALED_COVERS', `its entry ${shown} covers ${wanted}`)
    : mistake(
        'SEALED_COVERS',
        `its entry ${shown} does not cover ${wanted}`,
        'seal a credential for that image, or correct the image',
      )
}

const checkAge = (sealedAt: string | undefined, now: string): Finding => {
  const age = Date.parse(now) - Date.parse(sealedAt ?? '')
  if (Number.isNaN(age) || age < -day)
    return warning(
      'SEALED_AGE',
      'no note says rightly when it was sealed',
      'seal it again with `sower seal`',
    )
  const days = `${Math.max(0, Math.floor(age / day))} days ago`
  return age > rotateAfter
    ? warning(
        'SEALED_AGE',
        `rotation is due: it was sealed ${days}`,
        'make a new credential, seal it, and revoke this one',
      )
    : fine('SEALED_AGE', `sealed ${days}`)
}

const checkExpiry = (expiresAt: string | undefined, now: string): Finding => {
  if (expiresAt === undefined) return fine('SEALED_EXPIRY', 'no end of the credential is known')
  const left = Date.parse(expiresAt) - Date.parse(now)
  const fix = 'seal a new credential, best of a robot account'
  if (!(left > 0))
    return mistake('SEALED_EXPIRY', 'the credential has expired, as its note says', fix)
  const at = new Date(expiresAt).toISOString()
  return left < expiresSoon
    ? warning('SEALED_EXPIRY', `the credential ends on ${at}`, fix)
    : fine('SEALED_EXPIRY', `the credential ends on ${at}`)
}
