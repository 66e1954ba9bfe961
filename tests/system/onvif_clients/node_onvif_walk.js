// Walk the Device service with npm's node-onvif. Arguments: where it is, name, password. Prints JSON.
const Device = require("node-onvif/lib/modules/service-device.js");

const [base, user, pass] = process.argv.slice(2);
if (base.startsWith("https:")) {
  // It speaks no TLS by itself; a device's certificate is its own.
  require("http").request = (options, come) => require("https").request({ ...options, rejectUnauthorized: false }, come);
}
const xaddr = `${base}/onvif/device_service`;

const levels = (users) => Object.fromEntries(users.map((each) => [each.Username, each.UserLevel]));
const fault = (asked) => asked.then(() => "no fault", (error) => error.message);

async function walk() {
  const device = new Device({ xaddr, user, pass });
  const added = { Username: "finder", Password: "first-secret-1", UserLevel: "Operator" };
  const clock = (await device.getSystemDateAndTime()).data.GetSystemDateAndTimeResponse.SystemDateAndTime;
  const told = {
    clock,
    shift: device.getTimeDiff(),
    information: (await device.getDeviceInformation()).data.GetDeviceInformationResponse,
    capabilities: (await device.getCapabilities()).data.GetCapabilitiesResponse.Capabilities.Device,
    services: (await device.getServices({ IncludeCapability: true })).data.GetServicesResponse.Service.map((each) => each.XAddr),
    interfaces: (await device.getNetworkInterfaces()).data.GetNetworkInterfacesResponse.NetworkInterfaces,
    scopes: (await device.getScopes()).data.GetScopesResponse.Scopes.map((scope) => scope.ScopeItem),
    users: levels((await device.getUsers()).data.GetUsersResponse.User),
  };
  await device.createUsers({ User: [added] });
  told.clash = await fault(device.createUsers({ User: [added] }));
  await device.setUser({ User: [{ ...added, Password: "second-secret-2", UserLevel: "Administrator" }] });
  const second = new Device({ xaddr, user: "finder", pass: "second-secret-2" });
  await second.getSystemDateAndTime();
  told.afterwards = levels((await second.getUsers()).data.GetUsersResponse.User);
  told.stranger = await fault(second.setUser({ User: [{ ...added, Username: "nobody" }] }));
  await second.deleteUsers({ User: [{ Username: "finder" }] });
  told.gone = await fault(second.getUsers());
  told.missing = await fault(device.deleteUsers({ User: [{ Username: "viewer" }, { Username: "nobody" }] }));
  told.reboot = await device.reboot().then((done) => done.data.SystemRebootResponse.Message, (error) => error.message);
  return told;
}

walk().then((told) => console.log(JSON.stringify(told)), (error) => { console.error(error); process.exit(1); });
