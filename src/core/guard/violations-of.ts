import { checkSealedSecret } from '../secret/sealed/check-sealed-secret.ts'
import { names } from '../names.ts'
import { noteNames } from '../secret/sealed/sealed-secret-manifest.ts'
import type { Violation } from './guard.ts'
import type { GuardSettings } from '../settings/guard-settings.ts'
import type { RenderedObject } from '../render/rendered-object.ts'

/** True if a SealedSecret is, or may be, that of the push credential. */
export const isPushCredential = (
  object: RenderedObject,
  secret: GuardSettings['secret'],
): boolean => {
  const isConfigured = object.name() === secret?.name && object.namespace() === secret.namespace
  return isConfigured || object.text.includes(names.authKey) || hasNotes(object)
}

const hasNotes = (object: RenderedObject): boolean =>
  Object.values(noteNames).some(note => object.annotations().has(note))

/** Codes that depend on the day (expired, old): Argo CD keeps a render for longer. */
const ofTheDay = ['SEALED_AGE', 'SEALED_EXPIRY']

/** The violations that it has on any day. */
export const violationsOf = (
  object: RenderedObject,
  place: GuardSettings['secret'],
): readonly Violation[] => {
  const anyDay = new Date(0).toISOString()
  const { read, findings } = checkSealedSecret(object.text, {
    ...{ now: anyDay, key: null, image: null },
    place: hasNotes(object) ? place : null,
  })
  const isStale = read !== null && !read.isIntact && read.notes.ciphertextSha256 !== undefined
  return findings
    .filter(({ code, level }) =>
      code === 'SEALED_PROVENANCE' ? isStale : level === 'bad' && !ofTheDay.includes(code),
    )
    .map(({ reason, fix }) => ({
      objects: [object],
      reason,
      // Every `bad` finding carries a fix.
      fix: String(fix),
    }))
}
