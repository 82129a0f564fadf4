import type { Leadership } from '../../operations/ports/leadership.ts'

/** The leadership of a process that is alone, since something else keeps others out. */
export const leadAlone: Leadership = {
  holds: () => true,
  renew: async () => undefined,
  release: async () => undefined,
}
