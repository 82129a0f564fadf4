import { mapSeen, present, type Seen } from '../../seen.ts'
import { field, listAt, textAt } from '../field.ts'
import type { Answer, ReadObject } from '../query.ts'
import type { Row } from '../row.ts'
import { checkHosts, readHost } from './check-hosts.ts'
import { checkManagedCluster } from './check-managed-cluster.ts'
import { hubQueries } from './hub-queries.ts'

/** The checks of what the hub holds of the cluster. */
export const hubRows: readonly Row[] = [
  {
    id: 'hub.managed-cluster-available',
    level: 'block',
    passes: 'the ManagedCluster is Available and Joined',
    reads: [hubQueries.managedCluster],
    source: ['H7', 'managedcluster-import-controller resourcecleanup_controller.go:349-355'],
    check: answers =>
      checkManagedCluster(mapSeen(one(answers(hubQueries.managedCluster)), conditionsIn)),
  },
  {
    id: 'hub.hosts-detached',
    level: 'block',
    passes: 'every BareMetalHost is detached, and no annotation undoes it',
    reads: [hubQueries.bareMetalHosts],
    source: ['H9', 'baremetal-operator host_state_machine.go:230-255'],
    check: answers =>
      checkHosts(mapSeen(answers(hubQueries.bareMetalHosts), hosts => hosts.map(readHost))),
  },
]

/** The one object of a get. */
const one = (answer: Answer): Seen<ReadObject> => {
  if (answer.seen !== 'present') return answer
  const [first] = answer.value
  return first === undefined ? { seen: 'absent' } : present(first)
}

const conditionsIn = (object: ReadObject): readonly Readonly<{ type: string; status: string }>[] =>
  listAt(object, 'status', 'conditions').map(condition => ({
    type: textAt(condition, 'type'),
    status: String(field(condition, 'status')),
  }))
