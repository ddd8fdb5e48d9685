/** Two passages of a service and a device, for tests of single rules. */
export const KAYAKS = `Renting a kayak

At the boathouse desk the clerk first looks up the guest by the guest number and then checks the deposit. A guest may rent up to three kayaks at a time, for 2 to 6 hours. Choose between a single and a double kayak. Kayaks must be returned by 18:00; late returns cost EUR 12 an hour. A rental cannot be extended once the kayak is on the water. Guests under 12 are not allowed in the boats alone.`;

export const LAMP = `Set up the desk lamp

1. Open the Lamp app and click Devices.
2. Click Add Lamp in the sidebar.
3. Switch the Evening Mode switch to on.
4. Set the brightness between 10 and 80 percent.

The lamp must be within 5 metres of the computer.`;
