import type { Facts } from '../../../src/core/preflight/facts.ts'
import { absent, present } from '../../../src/core/seen.ts'

/** All that a preflight knows beside the API servers, on a good day. */
export const knownFacts: Facts = {
  cluster: 'sno1',
  image: 'registry.example.com/ibu/sno1:4.18.5',
  git: { leaks: present([]), seedObjects: present([]), refusal: null },
  argocd: {
    applications: present([
      { name: 'clusters', mismatch: null, prunes: true, allowsEmpty: false, hindrance: null },
    ]),
    left: 2,
    canSync: false,
  },
  access: present({ proven: true, reason: null }),
  registry: { secret: present({ reason: null }), mayPush: present(true), tag: absent },
}
