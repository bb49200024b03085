// Writes an election made wholly by the browser's modules for a foreign verifier:
// node write_election.mjs FOLDER GROUP [rewritten-result]

import { writeFileSync } from "node:fs";
import { makeElection, UUID, writeArchive } from "./make_archive.mjs";

const [, , folder, group, defect] = process.argv;
const { events } = makeElection(group);
if (defect === "rewritten-result") {
  const { result } = JSON.parse(events.at(-1).data[0]);
  [result[0][1], result[0][2]] = [result[0][2], result[0][1]];
  events[events.length - 1] = { type: "Result", data: [JSON.stringify({ result })] };
}
writeFileSync(`${folder}/${UUID}.bel`, writeArchive(events));
