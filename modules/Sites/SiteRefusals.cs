namespace DirectoryPlatform.Sites;

public sealed record UrlTaken() : Refusal("urlTaken", "Another site has this URL, with http or https.");
public sealed record AppOnSiteAlready() : Refusal("appOnSiteAlready", "This app is already on the site.");
public sealed record GroupNameTaken() : Refusal("groupNameTaken", "Another group in your organization has this name.");
public sealed record NotAUserHere()
    : Refusal("notAUserHere", "This person is not a user of your organization's sites. Invite them first.");
public sealed record InGroupAlready() : Refusal("inGroupAlready", "This person is already in the group.");
public sealed record GroupOwnedByProvider(string Provider)
    : Refusal("groupOwnedByProvider", $"The identity provider {Provider} manages the name and members of this group. Change them there.");
public sealed record NotInGroup() : Refusal("notInGroup", "This person is not in the group.");
public sealed record AlreadySuspended() : Refusal("alreadySuspended", "This person is already suspended.");
public sealed record NotSuspended() : Refusal("notSuspended", "This person is not suspended.");
public sealed record SuspendedSince()
    : Refusal("suspendedSince", "This person was restored and suspended again after this job. Undoing the job leaves them as they are.");
public sealed record SuspendYourself() : Refusal("suspendYourself", "You cannot do this to yourself. Ask another admin.");
public sealed record NotYourApp() : Refusal("notYourApp", "You can only manage access to other apps of this site.");
public sealed record NoSuchSiteAdmin() : Refusal("noSuchSiteAdmin", "This person is not an admin here.");
public sealed record SiteAdminAlready() : Refusal("siteAdminAlready", "This person already has this role.");
public sealed record NoAddresses() : Refusal("noAddresses", "Enter at least one email address.");
public sealed record NobodyChosen() : Refusal("nobodyChosen", "Choose at least one person.");
public sealed record NoUserHere() : Refusal("notFound", "No user here has this email address.");
public sealed record TooManyAddresses(int AtMost)
    : Refusal("tooManyAddresses", $"Enter at most {AtMost:N0} addresses at once. Invite the rest afterwards.");
public sealed record AlreadyUserHere() : Refusal("alreadyUserHere", "Already a user of this site.");
public sealed record SuspendedOnSite() : Refusal("suspendedOnSite", "Suspended on this site. Restore access instead.");
public sealed record InvitedAlready()
    : Refusal("invitedAlready", "Already invited. Resend the invitation if the email did not arrive.");
public sealed record DeactivatedHere() : Refusal("deactivatedHere", "The account is deactivated. Reactivate it first.");
public sealed record BeingDeletedHere() : Refusal("beingDeletedHere", "The account is scheduled for deletion. Cancel the deletion first.");
public sealed record InvitationVoid()
    : Refusal("invitationVoid", "This invitation was used, was revoked, or has expired after 7 days. Request a new one.");

/// <summary>Followed again by somebody who is in: there is nothing to request.</summary>
/// <param name="Site">Its name.</param>
public sealed record InvitationAccepted(string Site)
    : Refusal("invitationAccepted", $"This invitation was accepted. Sign in to open {Site}.");
public sealed record InvitationForAnother()
    : Refusal("invitationForAnother", "This invitation is for another email address. Sign in with the account that has it.");
public sealed record InvitedCannotAct()
    : Refusal("invitedCannotAct", "The account with this email address cannot be used now. Contact an admin of your organization.");
public sealed record InvitationTooSoon() : Refusal("invitationTooSoon", "This invitation was sent less than a minute ago.");
public sealed record NotOnThisSite() : Refusal("notOnThisSite", "You are not a user of this site. Ask its admin to invite you.");
public sealed record SuspendedOnThisSite() : Refusal("suspendedOnThisSite", "You are suspended on this site. Contact its admin.");
public sealed record NoAccessToApp() : Refusal("noAccessToApp", "You do not have access to this app. Contact the site admin.");
public sealed record AppNotOnSite() : Refusal("appNotOnSite", "This app is not on this site.");
public sealed record AccountCannotAct() : Refusal("accountCannotAct", "The account is not active.");
