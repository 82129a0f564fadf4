import type { Guard } from './guard.ts'

/** Checks everything about the SealedSecret of the push credential that can be known offline. */
export const sealedSecret: Guard = {
  rule: 'sealed-secret',
  refuses:
    'a SealedSecret of the push credential that cannot be unsealed as `sower.yaml` expects it, whose notes are those of another value, or that holds anything in plain',
  because: 'a run would find out after the detach, and plain text in it is readable by everyone',
  isAlways: false,
  judge: async ({ objects, settings: { secret } }) => {
    const sealed = objects.filter(
      ({ group, kind }) => kind === 'SealedSecret' && group === 'bitnami.com',
    )
    if (sealed.length === 0) return 'not applicable'
    const { isPushCredential: isOurs, violationsOf } = await import('./violations-of.ts')
    const ours = sealed.filter(object => isOurs(object, secret))
    if (ours.length === 0) return 'not applicable'
    return ours.flatMap(object => violationsOf(object, secret))
  },
}
