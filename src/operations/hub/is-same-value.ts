import { timingSafeEqual } from 'node:crypto'
import type { ReadSealedSecret } from '../../core/secret/sealed/read-sealed-secret.ts'
import { describeTarget, type SealTarget } from '../../core/secret/sealed/scope.ts'
import { names } from '../../core/names.ts'
import { isUnsealedThere, type LiveSecret } from './check-live.ts'

/** A value to seal, and its target. */
export type Sealing = Readonly<{
  plain: Uint8Array
  target: SealTarget
  keyFingerprint: string
  registryKey: string
}>

/**
 * True if a SealedSecret of ours already holds the value to seal: its notes are of this value, its target,
 * key and entry are the same, and the hub has unsealed this very value to the same bytes. They are compared
 * in memory only: any hash of them, kept anywhere, could be tried out against guesses.
 */
export const isSameValue = (
  read: ReadSealedSecret,
  live: LiveSecret,
  { plain, target, keyFingerprint, registryKey }: Sealing,
): boolean => {
  const isOurs =
    read.isIntact &&
    describeTarget(read.target) === describeTarget(target) &&
    describeTarget({ ...read.target, ...read.template }) === describeTarget(target) &&
    read.notes.keyFingerprint === keyFingerprint &&
    read.notes.registryKey === registryKey
  if (!isOurs || !isUnsealedThere(read, live) || live.secret.seen !== 'present') return false
  const there = Buffer.from(live.secret.value.data?.[names.authKey] ?? '', 'base64')
  try {
    return there.length === plain.length && timingSafeEqual(there, plain)
  } finally {
    there.fill(0)
  }
}
