import { named } from '../named.ts'
import { row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const { klusterletCrd, namespaces } = seedQueries

/** The checks of an adopted run: no hub's agent is left on the seed. */
export const goneRows: readonly Row[] = [
  row({
    id: 'seed.klusterlet-gone',
    level: 'block',
    runs: 'adopt',
    passes:
      'in an adopted run: the CRD of the klusterlet is not on the seed, a confirmed 404; another hub may manage it, too',
    reads: [klusterletCrd],
    source: ['lifecycle-agent seedgen_controller.go:601-609'],
    fix: 'detach the seed from whichever hub manages it; after a forced detach remove the klusterlet by hand: docs/run.md',
    test: found => {
      const isThere = found(klusterletCrd).length > 0
      return { ok: !isThere, reason: isThere ? 'the CRD of the klusterlet is there' : 'none' }
    },
  }),
  row({
    id: 'seed.addons-gone',
    level: 'block',
    runs: 'adopt',
    passes: 'in an adopted run: no namespace `open-cluster-management-addon-*` is on the seed',
    reads: [namespaces],
    source: ['lifecycle-agent seedgen_controller.go:611-616'],
    fix: 'delete it: the Lifecycle Agent rejects a seed with it',
    test: found => {
      const there = found(namespaces).filter(({ metadata }) =>
        metadata.name.startsWith('open-cluster-management-addon-'),
      )
      return { ok: there.length === 0, reason: there.length ? `there is ${named(there)}` : 'none' }
    },
  }),
]
