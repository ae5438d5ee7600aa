namespace DirectoryPlatform.Sites;

public sealed record UrlTaken() : Refusal("urlTaken", "Another site has this address.");
public sealed record AppOnSiteAlready() : Refusal("appOnSiteAlready", "This app runs on the site already.");
public sealed record GroupNameTaken() : Refusal("groupNameTaken", "Another group of your organization has this name.");
public sealed record NotAUserHere()
    : Refusal("notAUserHere", "This person is not a user of your organization's sites. Invite the person first.");
public sealed record InGroupAlready() : Refusal("inGroupAlready", "This person is in the group already.");
public sealed record GroupOwnedByProvider(string Provider)
    : Refusal("groupOwnedByProvider", $"The identity provider {Provider} says the name and the members of this group. Change them there.");
public sealed record NotInGroup() : Refusal("notInGroup", "This person is not in the group.");
public sealed record AlreadySuspended() : Refusal("alreadySuspended", "This person is suspended on the site already.");
public sealed record NotSuspended() : Refusal("notSuspended", "This person is not suspended on the site.");
public sealed record SuspendYourself() : Refusal("suspendYourself", "You cannot do this to yourself. Ask another admin.");
public sealed record NotYourApp() : Refusal("notYourApp", "You look after the access to other apps of this site only.");
public sealed record NoSuchSiteAdmin() : Refusal("noSuchSiteAdmin", "This person is no admin here, or not any more.");
public sealed record SiteAdminAlready() : Refusal("siteAdminAlready", "This person has this role already.");
public sealed record NoAddresses() : Refusal("noAddresses", "Enter at least one email address.");
public sealed record NobodyChosen() : Refusal("nobodyChosen", "Choose at least one person.");
public sealed record NoUserHere() : Refusal("notFound", "Nobody with this email address is a user here.");
public sealed record TooManyAddresses(int AtMost)
    : Refusal("tooManyAddresses", $"At most {AtMost:N0} addresses at once. Invite the others after these.");
public sealed record AlreadyUserHere() : Refusal("alreadyUserHere", "Is a user of this site already.");
public sealed record SuspendedOnSite() : Refusal("suspendedOnSite", "Is suspended on this site. Restore the person instead.");
public sealed record InvitedAlready()
    : Refusal("invitedAlready", "Is invited already. Send the invitation again if the mail did not arrive.");
public sealed record DeactivatedHere() : Refusal("deactivatedHere", "The account is deactivated. Reactivate it first.");
public sealed record BeingDeletedHere() : Refusal("beingDeletedHere", "The account is scheduled for deletion. Cancel the deletion first.");
public sealed record InvitationVoid()
    : Refusal("invitationVoid", "This invitation was used, was taken back, or is over 7 days old. Ask for a new one.");
public sealed record InvitationForAnother()
    : Refusal("invitationForAnother", "This invitation is for another email address. Sign in with the account that has it.");
public sealed record InvitedCannotAct()
    : Refusal("invitedCannotAct", "The account with this email address cannot be used now. Ask the admin of your organization.");
public sealed record InvitationTooSoon() : Refusal("invitationTooSoon", "This invitation was sent less than a minute ago.");
public sealed record NotOnThisSite() : Refusal("notOnThisSite", "You are not a user of this site. Ask its admin to invite you.");
public sealed record SuspendedOnThisSite() : Refusal("suspendedOnThisSite", "You are suspended on this site. Ask its admin.");
public sealed record NoAccessToApp() : Refusal("noAccessToApp", "You have no access to this app. Ask the admin of the site.");
public sealed record AppNotOnSite() : Refusal("appNotOnSite", "This app does not run on this site.");
public sealed record AccountCannotAct() : Refusal("accountCannotAct", "The account is not active.");
