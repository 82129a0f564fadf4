import type { Seen } from '../../core/seen.ts'
import type { SealTarget } from '../../core/secret/sealed/scope.ts'

/** A Sealed Secrets controller, as far as it answers questions; it is never asked to change anything. */
export type SealingController = Readonly<{
  /** The certificate of its newest key, PEM. */
  certificate: () => Promise<Seen<string>>
  /** Asks whether one of its keys opens a value for that target. Nothing but the value is shown to it. */
  opens: (sealed: string, target: SealTarget) => Promise<Seen<boolean>>
}>
