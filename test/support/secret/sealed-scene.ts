import type { KeyObject } from 'node:crypto'
import type { Scope, SealTarget } from '../../../src/core/secret/sealed/scope.ts'
import { seal } from '../../../src/core/secret/sealed/seal.ts'
import {
  sealedSecretManifest,
  type SealNotes,
} from '../../../src/core/secret/sealed/sealed-secret-manifest.ts'
import { readSealingKey } from '../../../src/core/secret/sealed/sealing-key.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { createSealingKey } from '../../../src/sandbox/sealed-secrets/sealing-key.ts'

/** A SealedSecret of ours, sealed two days before `now`, and ways to change it. */
export const now = '2026-11-22T10:00:00.000Z'
export const image = parseImageReference('quay.io/org/seed:4.18')
export const key = await createSealingKey()
export const { publicKey, fingerprint } = readSealingKey(key.certificate, new Date().toISOString())
export const strict: SealTarget = { scope: 'strict', namespace: 'sower-seeds', name: 'seedgen' }

export const authfile = (registry = 'quay.io'): Buffer =>
  Buffer.from(
    JSON.stringify({ auths: { [registry]: { auth: Buffer.from('a:p4ss').toString('base64') } } }),
  )
const notes: SealNotes = {
  keyFingerprint: fingerprint,
  certificateNotAfter: null,
  sealedAt: '2026-11-20T10:00:00.000Z',
  registryKey: 'quay.io/org',
  expiresAt: null,
}
export const sealedFor = (target: SealTarget, of: KeyObject = publicKey): string =>
  seal(authfile(), target, of)
export const sealed = sealedFor(strict)

type Change = Readonly<Partial<SealNotes> & { sealed?: string; scope?: Scope }>
export const manifest = ({
  sealed: value = sealed,
  scope = 'strict',
  ...more
}: Change = {}): string => sealedSecretManifest(value, { ...strict, scope }, { ...notes, ...more })

/** A value of so many bytes. */
export const sealedBytes = (bytes: number): string =>
  seal(Buffer.alloc(bytes, ' '), strict, publicKey)
