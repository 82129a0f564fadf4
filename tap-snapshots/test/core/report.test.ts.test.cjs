/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/core/report.test.ts > TAP > a report shows where the run is, what was found and what to do > blocked 1`] = `
### Seed image of \`sno1\`: Verifying

looking for the image in the registry.

> **Blocked** (\`IMAGE_NOT_PROVEN\`) since 2026-11-22T10:00:00.000Z: the image is not in the registry
>
> **Next:** read \`podman logs lca_image_builder\` on the seed, then comment \`/seed retry\`

**Waits for** a person, since 2026-11-22 10:00 UTC. **Next look:** soon, and after each event on this pull request. **To stop:** comment \`/seed abort\`; a detach that is merged stays.

✓ Requested → ✓ Proposed → ✓ Detaching → ✓ Detached → ✓ Delivering → ✓ Generating → **Verifying** → CleaningUp

| what | value |
| --- | --- |
| image | \`quay.io/ibu/sno1:4.18.5\` |
| merged as | \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\` |
| record of the merge | \`in #9: until that is merged, a revert of the merge would not conflict\` |
| SeedGenerator committed as | \`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\` |
| attempt | \`2\` |
| the Lifecycle Agent says | \`a &#124; b\` |

Asked for by \`someone\`. Commands: \`/seed status\`, \`/seed retry\`, \`/seed abort\`.
`

exports[`test/core/report.test.ts > TAP > a report shows where the run is, what was found and what to do > Completed 1`] = `
### Seed image of \`sno1\`: Completed

the seed image is in the registry.

✓ Requested → ✓ Proposed → ✓ Detaching → ✓ Detached → ✓ Delivering → ✓ Generating → ✓ Verifying → ✓ CleaningUp

| what | value |
| --- | --- |
| image | \`quay.io/ibu/sno1:4.18.5\` |
| digest | \`sha256:a\` |

**Push credential:** \`RotationDue\`. **Now:** rotate the push credential, since deleting it from the seed does not erase it from the image (\`sower seal\` seals a new one), and do not use the seed cluster any more.

Asked for by \`someone\`. Commands: \`/seed status\`, \`/seed retry\`, \`/seed abort\`.
`

exports[`test/core/report.test.ts > TAP > a report shows where the run is, what was found and what to do > Proposed 1`] = `
### Seed image of \`sno1\`: Proposed

ready: **nothing happens to the cluster until this pull request is merged**.

**Waits for** a person who merges this pull request; in this phase since 2026-11-22 10:00 UTC. **Next look:** soon, and after each event on this pull request. **To stop:** comment \`/seed abort\` or close this pull request; the cluster is not touched.

✓ Requested → **Proposed** → Detaching → Detached → Delivering → Generating → Verifying → CleaningUp

| what | value |
| --- | --- |
| image | \`quay.io/ibu/sno1:4.18.5\` |

**Push credential:** \`Verified\`: ready for a run.

| check |  | found | what to do |
| --- | --- | --- | --- |
| \`hub.a\` | ✗ block | not True: A&#95;b | run \`oc get a_b\` |
| \`hub.b\` | ? warn | no answer: timeout | nothing |

<details><summary>1 checks passed</summary>

| check |  | found | what to do |
| --- | --- | --- | --- |
| \`git.proof\` | ✓ | exactly this leaves |  |

</details>

**Proof** (kustomize v5.5.0): exactly this cluster leaves the render.

| root | leaves | comes | changes | left |
| --- | --- | --- | --- | --- |
| \`site\` | \`g/ClusterInstance/sno1/sno1\` |  |  | 3 |
| \`other\` | \`o0\`<br>\`o1\`<br>\`o2\`<br>\`o3\`<br>\`o4\`<br>\`o5\`<br>\`o6\`<br>\`o7\`<br>\`o8\`<br>\`o9\`<br>\`o10\`<br>\`o11\`<br>\`o12\`<br>\`o13\`<br>\`o14\`<br>\`o15\`<br>\`o16\`<br>\`o17\`<br>\`o18\`<br>\`o19\`<br>and 2 more |  |  | 3 |

<details><summary>The edit</summary>

\`\`\`diff
-  - sno1.yaml
+  #- sno1.yaml
\`\`\`

</details>

Asked for by \`someone\`. Commands: \`/seed status\`, \`/seed retry\`, \`/seed abort\`.
`
