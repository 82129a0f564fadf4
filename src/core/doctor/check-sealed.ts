import type { Check } from '../preflight/check.ts'
import { conditionStatus, field, listAt, textAt } from '../preflight/field.ts'
import { checkOf } from './check-of.ts'
import type { Installation } from './installation.ts'

/** Checks that the push credential has come to the hub, and that a key of the Sealed Secrets controller opened it. */
export const checkSealed = ({ sealedSecret, unsealed }: Installation): readonly Check[] => [
  checkOf({
    ...{ id: 'secret.sealed', of: 'the SealedSecret of the push credential', read: sealedSecret },
    whenAbsent: {
      reason: 'the SealedSecret that sower.yaml names is not on the hub',
      fix: 'seal the credential with `sower seal`, commit it, and let an Application bring it: manifests/argocd/seed-secret',
    },
    judge: object => {
      // An older answer belongs to the value before (docs/sealing.md).
      const isCurrent =
        field(object, 'status', 'observedGeneration') === field(object, 'metadata', 'generation')
      if (isCurrent && conditionStatus(object, 'Synced') === 'True') return null
      const message = listAt(object, 'status', 'conditions')
        .map(condition => textAt(condition, 'message'))
        .find(text => text !== '')
      return {
        reason: `the Sealed Secrets controller has not unsealed it${message === undefined ? '' : `: ${message}`}`,
        fix: 'seal it for the newest key of this hub: docs/sealing.md',
      }
    },
  }),
  checkOf({
    ...{ id: 'secret.unsealed', of: 'the unsealed push credential', read: unsealed },
    whenAbsent: {
      reason: 'there is no Secret that the SealedSecret has become',
      fix: 'look at the events of the SealedSecret, and at the Sealed Secrets controller',
    },
    judge: () => null,
  }),
]
