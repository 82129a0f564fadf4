import type { AskedRight, Facts } from '../../../src/core/preflight/facts.ts'
import { neededRights, type RightPlaces } from '../../../src/core/preflight/rights/needed-rights.ts'
import type { Right } from '../../../src/core/right.ts'
import { syncFacts } from '../sync-facts.ts'
import { absent, present } from '../../../src/core/seen.ts'

/** Where the run of sno1 reads and writes. */
export const places: RightPlaces = {
  ...{ cluster: 'sno1', access: 'sower', argocd: 'openshift-gitops' },
  secret: { namespace: 'sower-seeds', name: 'seedgen' },
  applicationNamespaces: ['openshift-gitops'],
  application: { namespace: 'openshift-gitops', name: 'clusters' },
  ...{ hostsElsewhere: [], agent: 'openshift-lifecycle-agent' },
}

/** Rights that an API server grants. */
export const granted = (rights: readonly Right[]): readonly AskedRight[] =>
  rights.map(right => ({ right, allowed: present(true) }))

const needed = neededRights(places)

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
    commit: 'push',
    ownBranchRules: present([]),
  },
  argocd: {
    applications: present([syncFacts().application]),
    edited: ['clusters/kustomization.yaml'],
    controlPlane: 'openshift-gitops',
    now: '2026-11-30T10:00:00.000Z',
    left: 2,
    token: absent,
  },
  access: present({ proven: true, reason: null }),
  rights: { hub: granted(needed.hub), seed: granted(needed.seed) },
  registry: {
    brought: null,
    secret: present({ reason: null }),
    mayPush: present(true),
    tag: absent,
  },
}
