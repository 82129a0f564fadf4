import type { Facts } from '../../../src/core/preflight/facts.ts'
import { syncFacts } from '../sync-facts.ts'
import { absent, present } from '../../../src/core/seen.ts'

/** All that a preflight knows beside the API servers, on a good day. */
export const knownFacts: Facts = {
  cluster: 'sno1',
  image: 'registry.example.com/ibu/sno1:4.18.5',
  imageTemplate: 'registry.example.com/ibu/{cluster}:{version}',
  imageFor: 'upgrade',
  git: {
    leaks: present([]),
    seedObjects: present([]),
    refusal: null,
    spentClusterId: 'earlier-installation',
    usedCredentials: ['used'],
    credential: 'fresh',
    baseIsProtected: present(false),
  },
  argocd: {
    applications: present([syncFacts().application]),
    edited: ['clusters/kustomization.yaml'],
    controlPlane: 'openshift-gitops',
    now: '2026-11-30T10:00:00.000Z',
    left: 2,
    canSync: false,
  },
  access: present({ proven: true, reason: null }),
  registry: {
    brought: null,
    secret: present({ reason: null }),
    mayPush: present(true),
    tag: absent,
  },
}
