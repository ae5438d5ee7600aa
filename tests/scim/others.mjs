// Asks other implementations of SCIM: one JSON object a line in, one a line out, in order. An error of theirs is answered as { error }.
import { createInterface } from 'node:readline';
import filters from 'scim2-parse-filter';
import patches from 'scim-patch';
import SCIMMY from 'scimmy';

SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser);
const copy = value => JSON.parse(JSON.stringify(value));
const tried = async ask => { try { return await ask(); } catch (failed) { return { error: String(failed.message ?? failed) }; } };

const answers = {
  parseFilter: ({ filter, resources }) => resources.map(r => filters.filter(filters.parse(filter))(r)),
  scimmyFilter: ({ filter, resources }) => {
    const read = new SCIMMY.Types.Filter(filter);
    return resources.map(r => read.match([r]).length === 1);
  },
  scimPatch: ({ resource, body }) => {
    patches.patchBodyValidation(body);
    return patches.scimPatch(copy(resource), body.Operations, { mutateDocument: false, treatMissingAsAdd: true });
  },
  scimmyPatch: async ({ resource, body }) => {
    const user = new SCIMMY.Schemas.User(copy(resource));
    return copy(await new SCIMMY.Messages.PatchOp(body).apply(user) ?? user);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(await tried(() => answers[asked.ask](asked))));
}
