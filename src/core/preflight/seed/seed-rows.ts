import type { Row } from '../row.ts'
import { agentRows } from './agent-rows.ts'
import { comparedRows } from './compared-rows.ts'
import { goneRows } from './gone-rows.ts'
import { healthRows } from './health-rows.ts'
import { hostRows } from './host-rows.ts'
import { reachRows } from './reach-rows.ts'
import { residueRows } from './residue-rows.ts'
import { storageRows } from './storage-rows.ts'

/** The checks of the seed itself: whatever the Lifecycle Agent rejects or waits for, before the cluster leaves the hub. */
export const seedRows: readonly Row[] = [
  ...healthRows,
  ...agentRows,
  ...comparedRows,
  ...storageRows,
  ...hostRows,
  ...reachRows,
  ...residueRows,
  ...goneRows,
]
