import { ofDetach, type Row } from '../row.ts'
import { clusterRows } from './cluster-rows.ts'
import { fleetRows } from './fleet-rows.ts'
import { goneRows } from './gone-rows.ts'
import { hostRows } from './host-rows.ts'

/** The checks of what the hub holds of the cluster. */
export const hubRows: readonly Row[] = [
  ...ofDetach([...clusterRows, ...hostRows, ...fleetRows]),
  ...goneRows,
]
